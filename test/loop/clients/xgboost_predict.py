"""Predicts with the real library: xgboost_predict.py suffix (artifact.tar.gz rows.csv)...

Prints for each artifact the float32 bits of every prediction, row by row, as a JSON list. The suffix is what the
models are saved under: this library tells UBJSON by its name.
"""

import json
import sys
import tarfile
import tempfile

import numpy as np
import xgboost


def predict(artifact, rows, suffix):
    with tarfile.open(artifact) as tar:
        assert tar.getnames() == ["xgboost-model"], tar.getnames()
        model = tar.extractfile("xgboost-model").read()
    booster = xgboost.Booster()
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(model)
        file.flush()
        booster.load_model(file.name)
    with open(rows) as file:
        features = [[float(cell) if cell else np.nan for cell in line.split(",")] for line in file.read().split("\n")]
    predictions = booster.predict(xgboost.DMatrix(np.array(features, dtype=np.float32)), validate_features=False)
    return predictions.astype(np.float32).reshape(-1).view(np.uint32).tolist()


suffix, *files = sys.argv[1:]
print(json.dumps([predict(artifact, rows, suffix) for artifact, rows in zip(files[::2], files[1::2])]))
