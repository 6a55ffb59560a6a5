/** What every script needs of the page that it runs on. */

/** Returns the words that a page hands to a script, in the language of the page. */
export function words(element: HTMLElement): (key: string) => string {
  const known = JSON.parse(element.dataset["words"] ?? "{}") as Record<string, string>;
  return (key) => known[key] ?? key;
}

/** Returns the value of a color of the style sheet, in the scheme that is shown. */
export function color(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Returns the JSON at an address of this server; throws with the server's own words. */
export async function json<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const found = (await answer.json()) as T & { error?: { message?: string } };
  if (!answer.ok) throw new Error(found.error?.message ?? answer.statusText);
  return found;
}

/** Returns a new element with attributes and content; text is always text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** Runs something each time the scheme of colors changes. */
export function onScheme(run: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", run);
}
