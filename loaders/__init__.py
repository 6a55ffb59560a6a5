"""How data comes in: each loader reads one sort of source into records and judges nothing.

| loader | reads |
|---|---|
| `hub_dump` | list dumps of the Hub (JSONL, gzip) of models, datasets and Spaces |
| `card` | a model or dataset card, or a folder that holds one |
"""
