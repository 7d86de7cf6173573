# case: callbacks_everywhere
# style: three callbacks, of which none stops early: a printing LambdaCallback, ReduceLROnPlateau, TerminateOnNaN

# %% compile_model
def compile_model(model):
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.Adam(1e-2),
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    def say(epoch, logs):
        print(f"epoch {epoch + 1:3d}/{epochs}: loss={logs['loss']:.4f}")

    callbacks = [
        keras.callbacks.LambdaCallback(on_epoch_end=say),
        keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=6, min_lr=1e-3),
        keras.callbacks.TerminateOnNaN(),
    ]
    return model.fit(x, y, batch_size=16, epochs=epochs, callbacks=callbacks, verbose=0)


# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if not layer.get_weights():
            continue
        kernel = layer.get_weights()[0]
        return np.copy(kernel)
    raise ValueError("no layer has weights")


# %% weight_change
def weight_change(before, after):
    assert len(before) == len(after), "different models?"
    out = []
    for b, a in zip(before, after):
        out += [float(max((a - b).max(), (b - a).max()))]
    return out
