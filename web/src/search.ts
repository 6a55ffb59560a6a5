/** The search box of every page shows what it finds while one types. */

import { element, json } from "./page";

interface Hit {
  sort: string;
  name: string;
  href: string;
  about: string;
}

const WAIT = 120; // milliseconds without a key before the server is asked
const NAME = 120; // characters of a name that are shown

function begin(input: HTMLInputElement): void {
  const list = element("ul", { id: "found", role: "listbox", "aria-label": input.labels?.[0]?.textContent ?? "" });
  list.hidden = true;
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  }))
    input.setAttribute(name, value);

  let asked = 0;
  let timer = 0;
  let at = -1;

  const close = (): void => {
    asked += 1;
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (place: number): void => {
    const options = [...list.children];
    at = (place + options.length + 1) % (options.length + 1);
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    const option = options[at];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const show = (hits: Hit[]): void => {
    list.replaceChildren(
      ...hits.map((hit, i) => {
        const link = element("a", { href: hit.href, tabindex: "-1" }, hit.name.slice(0, NAME));
        const about = element("span", { class: "about" }, `${hit.sort} ${hit.about}`.slice(0, NAME));
        return element("li", { role: "option", id: `found-${i}`, "aria-selected": "false" }, link, " ", about);
      }),
    );
    at = -1;
    list.hidden = hits.length === 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
  };
  const ask = async (): Promise<void> => {
    const turn = ++asked;
    const text = input.value.trim();
    if (text.length < 2) return close();
    const found = await json<{ hits: Hit[] }>(`/search?q=${encodeURIComponent(text)}`);
    if (turn === asked) show(found.hits);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask().catch(close), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at < 0 ? list.children.length - 1 : at - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && at >= 0) list.children[at]?.querySelector("a")?.click();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(() => list.contains(document.activeElement) || close(), 200));
}

const box = document.querySelector<HTMLInputElement>("#q");
if (box) begin(box);
