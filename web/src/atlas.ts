/** Draws the families of a snapshot: each work a dot within the circle of the work that it is made from. */

import { hierarchy, pack, type HierarchyCircularNode } from "d3-hierarchy";
import Graph from "graphology";
import Sigma from "sigma";
import { color, element, json, onScheme, words } from "./page";

interface Atlas {
  openness: string[];
  verdicts: string[];
  works: { id: string[]; parent: number[]; openness: number[]; verdict: number[]; downloads: number[] };
}

interface Place {
  n: number;
  children: Place[];
}

const SIDE = 1000;

/** Returns the circle of each work; families lie beside each other, the largest in the middle. */
function circles(parents: number[]): HierarchyCircularNode<Place>[] {
  const places = parents.map((_, n): Place => ({ n, children: [] }));
  const top: Place = { n: -1, children: [] };
  parents.forEach((parent, n) => (places[parent] ?? top).children.push(places[n]!));
  const tree = hierarchy(top)
    .sum(() => 1)
    .sort((a, b) => b.value! - a.value!);
  return pack<Place>().size([SIDE, SIDE]).padding(0.3)(tree).descendants();
}

function graph(atlas: Atlas): Graph {
  const drawn = new Graph({ type: "directed" });
  const { id, parent, openness, verdict, downloads } = atlas.works;
  for (const circle of circles(parent)) {
    const { n } = circle.data;
    if (n < 0) continue;
    const size = Math.max(0.6, Math.log10(1 + downloads[n]!) * (circle.children ? 0.9 : 0.4));
    const facts = { openness: openness[n], verdict: verdict[n], label: id[n], size };
    drawn.addNode(n, { x: circle.x, y: SIDE - circle.y, ...facts });
  }
  parent.forEach((above, n) => above >= 0 && drawn.addDirectedEdge(above, n));
  return drawn;
}

function begin(place: HTMLElement, atlas: Atlas): void {
  const say = words(place);
  const drawn = graph(atlas);
  const hidden = new Set<number>();
  let chosen: string | null = null;
  let colors: string[] = [];
  let [ink, line] = ["", ""];
  const canvas = place.querySelector<HTMLElement>(".canvas")!;
  const about = place.querySelector<HTMLElement>(".chosen")!;

  const sigma = new Sigma(drawn, canvas, {
    hideEdgesOnMove: true,
    labelRenderedSizeThreshold: 5,
    labelDensity: 0.2,
    labelGridCellSize: 160,
    labelFont: "system-ui, sans-serif",
    minCameraRatio: 0.002,
    nodeReducer: (node, data) => ({
      ...data,
      color: colors[data["openness"] as number],
      hidden: hidden.has(data["openness"] as number),
      highlighted: node === chosen,
    }),
    edgeReducer: (_, data) => ({ ...data, color: line, size: 0.3 }),
  });
  const paint = (): void => {
    colors = atlas.openness.map((_, n) => color(`class-${n}`));
    [ink, line] = [color("ink"), color("line")];
    sigma.setSetting("labelColor", { color: ink });
    sigma.refresh();
  };
  const choose = (node: string): void => {
    chosen = node;
    const n = Number(node);
    const id = atlas.works.id[n]!;
    const link = element("a", { href: `/artifact/${id.split("/").map(encodeURIComponent).join("/")}` }, id);
    const facts = [atlas.openness[atlas.works.openness[n]!]!, atlas.verdicts[atlas.works.verdict[n]!]!];
    const downloads = atlas.works.downloads[n]!.toLocaleString("en");
    about.replaceChildren(link, ` · ${facts.map((f) => f.replaceAll("_", " ")).join(" · ")} · ${downloads} ${say("downloads")}`);
    const { x, y } = sigma.getNodeDisplayData(node)!;
    void sigma.getCamera().animate({ x, y, ratio: Math.min(sigma.getCamera().ratio, 0.08) });
    sigma.refresh();
  };
  sigma.on("clickNode", ({ node }) => choose(node));

  place.querySelector("form")!.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = place.querySelector<HTMLInputElement>("input[name=work]")!.value.trim().toLowerCase();
    const n = atlas.works.id.findIndex((id) => text && id.toLowerCase().includes(text));
    if (n < 0) about.textContent = say("nothing is called so here");
    else choose(String(n));
  });
  const legend = place.querySelector<HTMLElement>(".legend")!;
  atlas.openness.forEach((name, n) => {
    const box = element("input", { type: "checkbox", checked: "" });
    box.addEventListener("change", () => {
      if (box.checked) hidden.delete(n);
      else hidden.add(n);
      sigma.refresh();
    });
    const count = atlas.works.openness.filter((one) => one === n).length;
    legend.append(element("label", { class: `class-${n}` }, box, ` ${name.replaceAll("_", " ")} ${count.toLocaleString("en")}`));
  });
  paint();
  onScheme(paint);
  place.querySelector<HTMLElement>(".tools")!.hidden = false;
  place.dataset["drawn"] = "true";
}

const place = document.querySelector<HTMLElement>("[data-atlas]");
if (place)
  json<Atlas>(place.dataset["atlas"]!).then(
    (atlas) => begin(place, atlas),
    (error: unknown) => {
      place.querySelector(".chosen")!.textContent = String(error);
    },
  );
