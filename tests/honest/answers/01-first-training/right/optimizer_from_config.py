"""Style: loss and metric in lists, the optimizer built from a config dictionary."""
import keras
import numpy as np

OPTIMIZER = {"class_name": "Adagrad", "config": {"learning_rate": 0.1}}


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.get(OPTIMIZER),
        loss=["sparse_categorical_crossentropy"],
        metrics=[["accuracy"]],
    )
    return model


def train_model(model, x, y, epochs=5):
    options = dict(epochs=epochs, batch_size=32, verbose=0)
    return model.fit(x, y, **options)


def first_layer_weights(model):
    weights = {layer.name: layer.get_weights() for layer in model.layers}
    return next(w[0].copy() for w in weights.values() if w)


def weight_change(before, after):
    flat = [(np.ravel(b), np.ravel(a)) for b, a in zip(before, after)]
    return [max(abs(float(n) - float(o)) for o, n in zip(b, a)) for b, a in flat]
