"""Presidio as two services, for LiteLLM: `gunicorn presidio:analyzer()` and `gunicorn presidio:anonymizer()`.

Runs in the peers' own environment and knows nothing of this project. The same calls into Presidio as in the services of
its own containers, under the same server (gunicorn, one worker); those services are in none of its packages.
`NER` names the spaCy model; without it Presidio runs with its own `no_op` engine, which finds no names.
"""

import os

from flask import Flask, Response, request
from presidio_analyzer import AnalyzerEngine, AnalyzerRequest, BatchAnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.services.app_entities_convertor import AppEntitiesConvertor


def analyzer() -> Flask:
    """`POST /analyze`: a text, or several, in; findings out."""
    engine = BatchAnalyzerEngine(AnalyzerEngine(nlp_engine=_nlp(os.environ.get("NER", ""))))
    app = _app()

    @app.post("/analyze")
    def analyze() -> Response:
        asked = AnalyzerRequest(request.get_json())
        several = isinstance(asked.text, list)
        found = engine.analyze_iterator(
            asked.text if several else [asked.text],
            language=asked.language,
            entities=asked.entities,
            score_threshold=asked.score_threshold,
        )
        rows = [[_row(one) for one in each] for each in found]
        return app.json.response(rows if several else rows[0])

    return app


def anonymizer() -> Flask:
    """`POST /anonymize`: a text and its findings in; the text without them out."""
    engine = AnonymizerEngine()
    app = _app()

    @app.post("/anonymize")
    def anonymize() -> Response:
        asked = request.get_json()
        clean = engine.anonymize(
            text=asked["text"],
            analyzer_results=AppEntitiesConvertor.analyzer_results_from_json(asked.get("analyzer_results")),
            operators=AppEntitiesConvertor.operators_config_from_json(asked.get("anonymizers")),
        )
        return Response(clean.to_json(), mimetype="application/json")

    return app


def _app() -> Flask:
    app = Flask(__name__)
    app.get("/health")(lambda: "up")
    return app


def _nlp(model: str):
    models = [{"lang_code": "en", "model_name": model or "no_op"}]
    return NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy" if model else "no_op", "models": models}
    ).create_engine()


def _row(found) -> dict[str, object]:
    return {"start": found.start, "end": found.end, "score": found.score, "entity_type": found.entity_type}
