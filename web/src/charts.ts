/** Draws the charts of a page: Vega-Lite specifications over data of this server. */

import { parse, View, type Spec } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import { color, json, onScheme } from "./page";

type Figure = HTMLElement & { dataset: { spec: string; data: string } };

async function draw(figure: Figure): Promise<void> {
  const spec = await json<Record<string, unknown>>(figure.dataset.spec);
  const source = spec["data"] as { url: string };
  const ink = color("ink");
  const line = color("line");
  const words = { labelColor: ink, titleColor: ink };
  const place = figure.querySelector<HTMLElement>(".chart")!;
  const config = {
    background: "transparent",
    view: { stroke: null },
    axis: { ...words, domainColor: line, tickColor: line, gridColor: line },
    legend: words,
    title: { color: ink },
    range: { category: [0, 1, 2, 3, 4, 5, 6, 7].map((n) => color(`class-${n}`)) },
  };
  const whole = { ...spec, data: { ...source, url: figure.dataset.data }, config } as TopLevelSpec;
  // the syntax tree is interpreted, since the page allows no code that is made from text
  const runtime = parse(compile(whole).spec as Spec, undefined, { ast: true });
  place.replaceChildren();
  await new View(runtime, { renderer: "canvas", expr: expressionInterpreter }).initialize(place).runAsync();
  figure.dataset["drawn"] = "true";
}

function begin(): void {
  for (const figure of document.querySelectorAll<Figure>("figure[data-spec]"))
    draw(figure).catch((error: unknown) => {
      figure.querySelector(".chart")!.textContent = String(error);
    });
}

begin();
onScheme(begin);
