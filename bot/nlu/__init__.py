"""Understanding of borrowers' messages in Chinese and English, in one pipeline.

Pure helpers (`normaliser`, `segments`, `language`, `care`, `lookups`, `values/`) import no Rasa;
the thin Rasa components of `config.yml` live in `components/`.
"""
