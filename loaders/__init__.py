"""How data comes in: each loader reads one kind of source into records and judges nothing.

| loader | reads |
|---|---|
| `hub_live` | the live Hub: models, datasets, Spaces, trees of base models |
| `hub_ask` | one repository of the live Hub, within bounds, for `check` |
| `hub_dump` | dumps of the Hub's API (JSON lines, plain, gzip, zstd) |
| `hub_answer` | one saved answer of the Hub's API |
| `hub_stats` | Parquet tables with the columns of hub-stats |
| `facts` | lists of facts, one artifact per line |
| `tree` | folders of files, tar and zip archives |
| `card` | a card, with what stands beside it (`beside`) |
| `spdx` (`spdx2`, `spdx_licenses`) | bills of materials, of version 2 too, and licenses as elements |
| `cyclonedx` (`cyclonedx_licenses`, `cyclonedx_xml`) | bills of materials in JSON and XML |
| `rdf` (`rdf_licenses`, `triples`) | Croissant, FAIR4ML, MLDCAT-AP, schema.org, DCAT, and our own RDF |
| `catalogues` | collections that others made by hand |
| `planned` | recipes |

`identity` says which artifact a document means, `terms` which license of those that it states counts.

All have one interface: `accepts` says whether a source is theirs, `read` yields records and hands what
cannot be read to `context.reject`. A *stream* loader takes a path and reads what may be larger than
memory; a *document* loader takes a `Document`, which may lie in a folder or an archive. What some loaders can do
beyond that, such as write tables themselves (`read_tables`), stands in `registry`, which who loads asks and no other.
"""
