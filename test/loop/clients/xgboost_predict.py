"""Predicts with the real library: xgboost_predict.py artifact.tar.gz rows.csv suffix

Prints the float32 bits of every prediction as a JSON list, row by row. The suffix is what the model is saved under:
this library tells UBJSON by its name.
"""

import json
import sys
import tarfile
import tempfile

import numpy as np
import xgboost

artifact, rows, suffix = sys.argv[1:]
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
print(json.dumps(predictions.astype(np.float32).reshape(-1).view(np.uint32).tolist()))
