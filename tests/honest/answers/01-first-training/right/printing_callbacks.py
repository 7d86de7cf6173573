"""Style: RMSprop and a LambdaCallback that prints the loss now and then."""
import keras
import numpy as np


def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=0.005, rho=0.95),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, x, y, epochs=5):
    def say(epoch, logs):
        if epoch % 10 == 0 or epoch == epochs - 1:
            print(f"epoch {epoch + 1}: loss {logs['loss']:.3f}, accuracy {logs['accuracy']:.0%}")

    callbacks = [
        keras.callbacks.LambdaCallback(on_epoch_end=say),
        keras.callbacks.TerminateOnNaN(),
    ]
    return model.fit(x, y, epochs=epochs, callbacks=callbacks, verbose=0)


def first_layer_weights(model):
    for layer in model.layers:
        if layer.count_params() > 0:
            return layer.get_weights()[0]
    raise ValueError("the model has no weights")


def weight_change(before, after):
    largest = []
    for old, new in zip(before, after):
        change = (new - old).ravel()
        largest.append(float(max(change.max(), -change.min())))
    return largest
