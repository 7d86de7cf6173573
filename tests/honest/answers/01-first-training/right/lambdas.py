"""Style: every function is a one-line lambda."""
import keras
import numpy as np

compile_model = lambda model: (
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    or model
)

train_model = lambda model, x, y, epochs=5: model.fit(x, y, epochs=epochs, verbose=2)

first_layer_weights = lambda model: [w for l in model.layers for w in l.get_weights()][0].copy()

weight_change = lambda before, after: [float(abs(a - b).max()) for a, b in zip(after, before)]
