/** Draws the lineage of a work as layers: what it is made from on the left, what is made from it on the right. */

import cytoscape from "cytoscape";
import dagre from "cytoscape-dagre";
import { color, element, json, onScheme, words } from "./page";

interface Work {
  id: string;
  href: string;
  kind: string;
  license: string;
  openness: string;
  verdict: string | null;
  downloads: number;
  parents: number;
  children: number;
}

interface Edge {
  child: string;
  parent: string;
  relation: string;
  basis: string | null;
  repair: string | null;
}

interface Drawing {
  root: string;
  nodes: Work[];
  edges: Edge[];
  openness: string[];
  next: number;
}

interface Step {
  parent: string;
  child: string;
}

const SHAPES = ["ellipse", "diamond", "round-rectangle", "hexagon", "triangle", "octagon", "pentagon", "star"] as const;
const DASHES = ["", "8 4", "2 4", "14 4", "10 3 2 3", "6 2 2 2 2 2", "20 6", "4 8", "14 3 4 3"];
const NAME = 32; // characters of a name in the drawing

function short(id: string): string {
  const name = id.slice(id.lastIndexOf("/") + 1);
  return name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name;
}

/** Returns a short line of a pattern, for the legend. */
function sample(dashes: string): SVGElement {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const facts = { x1: "0", x2: "60", y1: "6", y2: "6", stroke: "currentColor", "stroke-width": "2", "stroke-dasharray": dashes };
  for (const [name, value] of Object.entries(facts)) line.setAttribute(name, value);
  for (const [name, value] of Object.entries({ width: "60", height: "12", "aria-hidden": "true" })) drawn.setAttribute(name, value);
  drawn.append(line);
  return drawn;
}

class Lineage {
  private readonly say: (key: string) => string;
  private readonly about: HTMLElement;
  private readonly list: HTMLSelectElement;
  private readonly legend: HTMLElement;
  private readonly cy: cytoscape.Core;
  private readonly more = new Map<string, number>();
  private readonly root: string;
  /** The relations that are drawn, each with the line of its place here. */
  private readonly relations: string[] = [];

  constructor(
    private readonly place: HTMLElement,
    first: Drawing,
  ) {
    this.say = words(place);
    this.root = first.root;
    this.about = place.querySelector<HTMLElement>(".chosen")!;
    this.list = place.querySelector<HTMLSelectElement>("select")!;
    this.legend = place.querySelector<HTMLElement>(".legend")!;
    this.cy = cytoscape({ container: place.querySelector(".canvas"), maxZoom: 3, minZoom: 0.05 });
    this.add(first);
    this.more.set(first.root, first.next);
    this.cy.on("tap", "node", (event) => this.choose((event.target as cytoscape.NodeSingular).id()));
    this.list.addEventListener("change", () => this.choose(this.list.value));
    this.button("fit", () => this.cy.animate({ fit: { eles: this.cy.elements(), padding: 30 } }));
    this.button("closer", () => this.cy.zoom({ level: this.cy.zoom() * 1.3, renderedPosition: this.middle() }));
    this.button("farther", () => this.cy.zoom({ level: this.cy.zoom() / 1.3, renderedPosition: this.middle() }));
    this.paths();
    this.choose(first.root);
    onScheme(() => this.paint(first));
    place.querySelector<HTMLElement>(".tools")!.hidden = false;
    place.dataset["drawn"] = "true";
  }

  private middle(): cytoscape.Position {
    return { x: this.cy.width() / 2, y: this.cy.height() / 2 };
  }

  private button(name: string, run: () => void): void {
    this.place.querySelector(`button[name=${name}]`)!.addEventListener("click", run);
  }

  /** Adds works and edges that are not drawn yet, and lays all out anew. */
  private add(found: Drawing): void {
    for (const work of found.nodes) {
      if (this.cy.getElementById(work.id).nonempty()) continue;
      const glyph = this.say(`glyph-${work.verdict ?? "unknown"}`);
      const label = `${glyph} ${short(work.id)}\n${work.license.slice(0, NAME)}`;
      this.cy.add({ data: { label, ...work, style: found.openness.indexOf(work.openness) } });
    }
    for (const edge of found.edges) {
      const id = JSON.stringify([edge.parent, edge.child, edge.relation]);
      if (this.cy.getElementById(id).nonempty()) continue;
      if (!this.relations.includes(edge.relation)) this.relations.push(edge.relation);
      this.cy.add({ data: { id, source: edge.parent, target: edge.child, ...edge } });
    }
    this.paint(found);
    this.layout();
    this.options();
    this.place.dataset["works"] = String(this.cy.nodes().length);
  }

  private dashes(n: number): string {
    return DASHES[n % DASHES.length]!;
  }

  private layout(): void {
    this.cy
      .layout({ name: "dagre", rankDir: "LR", nodeSep: 16, rankSep: 240, animate: false, fit: true, padding: 30 } as never)
      .run();
    // a large family is looked at from its work, not from so far that nothing can be read
    if (this.cy.zoom() < 0.5) this.cy.zoom(0.5).center(this.cy.getElementById(this.root));
  }

  private options(): void {
    const chosen = this.list.value;
    const works = this.cy.nodes().map((node) => node.data() as Work);
    works.sort((a, b) => Number(b.id === this.root) - Number(a.id === this.root) || a.id.localeCompare(b.id));
    this.list.replaceChildren(...works.map((work) => element("option", { value: work.id }, work.id)));
    if (chosen) this.list.value = chosen;
  }

  private paint(found: Drawing): void {
    const [ink, soft, paper, link, bad] = ["ink", "soft", "paper", "link", "bad"].map(color) as [string, ...string[]];
    this.cy.style([
      {
        selector: "node",
        style: {
          label: "data(label)",
          "text-wrap": "wrap",
          "text-valign": "center",
          "text-halign": "right",
          "text-justification": "left",
          "text-margin-x": 4,
          "font-size": 11,
          "font-family": "system-ui, sans-serif",
          color: ink,
          width: 26,
          height: 26,
          "border-width": 1.5,
          "border-color": ink,
          "text-background-color": paper!,
          "text-background-opacity": 0.8,
        },
      },
      ...found.openness.map((_, n) => ({
        selector: `node[style = ${n}]`,
        style: { shape: SHAPES[n % SHAPES.length]!, "background-color": color(`class-${n}`) },
      })),
      { selector: "node[verdict = 'conflict']", style: { "border-width": 4, "border-color": bad!, "border-style": "double" } },
      { selector: `node[id = ${JSON.stringify(this.root)}]`, style: { width: 36, height: 36, "font-weight": "bold" } },
      {
        selector: "edge",
        style: {
          label: "data(relation)",
          "font-size": 9,
          color: soft!,
          "text-background-color": paper!,
          "text-background-opacity": 0.9,
          "curve-style": "bezier",
          "line-color": soft!,
          "target-arrow-color": soft!,
          "source-arrow-color": soft!,
          "target-arrow-shape": "triangle",
          width: 1.5,
        },
      },
      ...this.relations
        .map((relation, n) => ({ relation, pattern: this.dashes(n) }))
        .filter(({ pattern }) => pattern)
        .map(({ relation, pattern }) => ({
          selector: `edge[relation = ${JSON.stringify(relation)}]`,
          style: { "line-style": "dashed", "line-dash-pattern": pattern.split(" ").map(Number) } as const,
        })),
      { selector: "edge[basis = 'hub']", style: { "target-arrow-shape": "vee" } },
      { selector: "edge[basis = 'inferred']", style: { "target-arrow-fill": "hollow" } },
      { selector: "edge[repair][repair != 'exact']", style: { "source-arrow-shape": "diamond" } },
      { selector: ".faded", style: { opacity: 0.2 } },
      { selector: "edge.path", style: { width: 4, "line-color": link!, "target-arrow-color": link!, "source-arrow-color": link! } },
      { selector: "node:selected", style: { "border-width": 5, "border-color": link! } },
    ] as cytoscape.StylesheetJson);
    this.key(found);
  }

  /** Says what the shapes, lines and arrows of this drawing mean. */
  private key(found: Drawing): void {
    const used = new Set(this.cy.nodes().map((node) => node.data("style") as number));
    const shapes = [...used].sort().map((n) => {
      const name = found.openness[n]!.replaceAll("_", " ");
      return element("li", { class: `class-${n}` }, `${SHAPES[n % SHAPES.length]!.replace("round-", "")}: ${name}`);
    });
    const lines = this.relations.map((relation, n) => element("li", {}, sample(this.dashes(n)), ` ${relation}`));
    const arrows = ["declared", "hub", "inferred", "repaired"].map((way) => element("li", {}, this.say(way)));
    const lists = [shapes, lines, arrows].map((items) => element("ul", {}, ...items));
    this.legend.replaceChildren(...lists);
  }

  private choose(id: string): void {
    const node = this.cy.getElementById(id);
    this.cy.elements().unselect();
    node.select();
    this.list.value = id;
    const work = node.data() as Work;
    const link = element("a", { href: work.href }, work.id);
    const verdict = work.verdict ?? "unknown";
    const facts = [work.kind, work.license, work.openness.replaceAll("_", " "), verdict];
    this.about.replaceChildren(link, ` · ${facts.join(" · ")} · ${work.downloads.toLocaleString("en")} ${this.say("downloads")} `);
    const [above, below] = [node.incomers("node").length, node.outgoers("node").length];
    if (above < work.parents) this.offer(`${this.say("show parents")} (${work.parents})`, () => this.expand(id, "up"));
    if (below < work.children)
      this.offer(`${this.say("show children")} (${below} / ${work.children.toLocaleString("en")})`, () => this.expand(id, "down"));
  }

  private offer(label: string, run: () => Promise<void>): void {
    const made = element("button", { type: "button" }, label);
    made.addEventListener("click", () => {
      made.disabled = true;
      run().catch((error: unknown) => this.about.append(String(error)));
    });
    this.about.append(made, " ");
  }

  private async expand(id: string, way: "up" | "down"): Promise<void> {
    const from = way === "down" ? (this.more.get(id) ?? 0) : 0;
    const found = await json<Drawing>(`/lineage?work=${encodeURIComponent(id)}&way=${way}&from=${from}`);
    if (way === "down") this.more.set(id, found.next);
    this.add(found);
    this.choose(id);
  }

  /** Gives each clause of the page that came by a path a button that shows the path. */
  private paths(): void {
    for (const finding of document.querySelectorAll<HTMLElement>("[data-path]")) {
      const steps = JSON.parse(finding.dataset["path"]!) as Step[];
      const made = element("button", { type: "button", "aria-pressed": "false" }, this.say("show the path"));
      made.addEventListener("click", () => {
        const pressed = made.getAttribute("aria-pressed") === "true";
        for (const other of document.querySelectorAll("[data-path] > button")) other.setAttribute("aria-pressed", "false");
        this.cy.elements().removeClass("path faded");
        if (pressed) return;
        made.setAttribute("aria-pressed", "true");
        const on = this.cy.edges().filter((edge) => {
          const { parent, child } = edge.data() as Edge;
          return steps.some((step) => step.parent === parent && step.child === child);
        });
        this.cy.elements().addClass("faded");
        on.union(on.connectedNodes()).removeClass("faded");
        on.addClass("path");
        this.place.dataset["path"] = String(on.length);
        this.cy.fit(on.connectedNodes(), 60);
        this.place.scrollIntoView({ block: "nearest" });
      });
      finding.append(made);
    }
  }
}

const place = document.querySelector<HTMLElement>("[data-lineage]");
if (place) {
  cytoscape.use(dagre);
  json<Drawing>(place.dataset["lineage"]!).then(
    (first) => new Lineage(place, first),
    (error: unknown) => {
      place.querySelector(".chosen")!.textContent = String(error);
    },
  );
}
