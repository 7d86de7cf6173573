"""Style: Adam with a cosine learning rate schedule."""
import keras
import numpy as np

STEPS = 400


def compile_model(model):
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.02, decay_steps=STEPS, alpha=0.05
    )
    model.compile(
        optimizer=keras.optimizers.Adam(schedule),
        loss=keras.losses.SparseCategoricalCrossentropy(name="xent"),
        metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
    )
    return model


def train_model(model, x, y, epochs=5):
    return model.fit(x, y, 32, epochs, 0)


def first_layer_weights(model):
    with_weights = filter(lambda layer: layer.get_weights(), model.layers)
    return np.array(next(with_weights).get_weights()[0], copy=True)


def weight_change(before, after):
    return [float(np.linalg.norm((a - b).ravel(), ord=np.inf)) for b, a in zip(before, after)]
