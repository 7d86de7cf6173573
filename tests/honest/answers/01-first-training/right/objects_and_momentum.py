"""Style: optimizer, loss and metric as objects; SGD with momentum; small batches."""
import keras
from keras.losses import SparseCategoricalCrossentropy
from keras.metrics import SparseCategoricalAccuracy
from keras.optimizers import SGD
import numpy as np


def compile_model(model):
    """Set how the model learns from integer class labels."""
    opt = SGD(learning_rate=0.005, momentum=0.9)
    model.compile(
        optimizer=opt,
        loss=SparseCategoricalCrossentropy(),
        metrics=[SparseCategoricalAccuracy(name="accuracy")],
    )
    return model


def train_model(model, x, y, epochs=5):
    """Train a compiled model."""
    hist = model.fit(x=x, y=y, batch_size=16, epochs=epochs, shuffle=True, verbose=0)
    return hist


def first_layer_weights(model):
    layers_with_weights = [l for l in model.layers if len(l.weights) > 0]
    kernel, *_ = layers_with_weights[0].get_weights()
    return np.array(kernel)


def weight_change(before, after):
    changes = []
    for i in range(len(before)):
        difference = after[i] - before[i]
        changes.append(float(abs(difference).max()))
    return changes
