/** Turns the text area for SPARQL into an editor that completes the terms of the ontology. */

import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import { json } from "./page";

interface Rows {
  columns: string[];
  rows: (string | null)[][];
}

/** The editor takes more options than its types say. */
interface Settable {
  setOption(name: string, value: unknown): void;
}

const PREFIXES: Record<string, string> = {
  cg: "https://w3id.org/clausegraph/ns#",
  license: "https://w3id.org/clausegraph/license/",
  kind: "https://w3id.org/clausegraph/kind/",
  relation: "https://w3id.org/clausegraph/relation/",
  restriction: "https://w3id.org/clausegraph/restriction/",
  skos: "http://www.w3.org/2004/02/skos/core#",
  rdfs: "http://www.w3.org/2000/01/rdf-schema#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

/** The terms that this server knows, asked once, when the first is needed. */
let terms: Promise<Rows> | undefined;

async function known(sort: RegExp): Promise<string[]> {
  terms ??= json<Rows>("/query/terms?ask=1&format=json");
  const { columns, rows } = await terms;
  const [term, kind] = [columns.indexOf("term"), columns.indexOf("sort")];
  return rows.filter((row) => sort.test(row[kind] ?? "")).map((row) => row[term] ?? "");
}

function complete(name: string, sort: RegExp): void {
  const standard = Yasqe.Autocompleters[name];
  if (!standard) return;
  // where a name may stand is the editor's to know; which names there are, ours: nobody else is asked
  Yasqe.registerAutocompleter({ ...standard, bulk: true, persistenceId: null, get: () => known(sort) }, false);
}

function begin(area: HTMLTextAreaElement): void {
  complete("class", /class/);
  complete("property", /property/);
  const place = document.createElement("div");
  place.className = "editor";
  area.before(place);
  const editor = new Yasqe(place, {
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: () => location.href,
    showQueryButton: false,
    resizeable: false,
    prefixCcApi: null,
  });
  (editor as unknown as Settable).setOption("extraKeys", {
    "Ctrl-Space": () => editor.autocomplete(),
    "Ctrl-Enter": () => area.form?.requestSubmit(),
    // Tab leaves the editor, as it leaves every other field
    Tab: false,
    "Shift-Tab": false,
  });
  editor.setValue(area.value);
  editor.getInputField().setAttribute("aria-label", area.labels?.[0]?.textContent ?? "SPARQL");
  if (!area.value.trim()) editor.addPrefixes({ cg: PREFIXES["cg"]!, skos: PREFIXES["skos"]! });
  for (const [prefix, iri] of Object.entries(PREFIXES))
    document.querySelector(`[data-prefix="${prefix}"]`)?.addEventListener("click", () => editor.addPrefixes({ [prefix]: iri }));
  // a region that scrolls can be reached without a mouse
  place.querySelector<HTMLElement>(".CodeMirror-scroll")!.tabIndex = 0;
  area.hidden = true;
  area.form?.addEventListener("submit", () => {
    area.value = editor.getValue();
  });
  place.dataset["ready"] = "true";
}

const area = document.querySelector<HTMLTextAreaElement>("textarea#query");
if (area) begin(area);
