"""Style: runs eagerly for easier debugging; Nadam; asserts on the inputs."""
import keras
import numpy as np


def compile_model(model):
    assert model.output_shape[-1] >= 2, "sparse cross-entropy needs one output for each class"
    model.compile(
        optimizer=keras.optimizers.Nadam(learning_rate=8e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        run_eagerly=True,
    )
    return model


def train_model(model, x, y, epochs=5):
    assert len(x) == len(y)
    record = model.fit(x, y, epochs=epochs, batch_size=64, verbose=0)
    assert len(record.epoch) == epochs
    return record


def first_layer_weights(model):
    weights = next(w for w in (layer.get_weights() for layer in model.layers) if w)
    kernel = weights[0]
    assert kernel.ndim == 2
    return kernel.copy()


def weight_change(before, after):
    assert len(before) == len(after)
    out = []
    for b, a in zip(before, after):
        assert b.shape == a.shape
        out.append(float(np.amax(np.absolute(a - b))))
    return out
