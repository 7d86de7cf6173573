# case: adamw_clipped
# style: AdamW with weight decay and clipped gradients; generator function for the changes

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.AdamW(learning_rate=0.01, weight_decay=1e-4, clipnorm=5.0)
    model.compile(
        optimizer=opt,
        loss=keras.losses.SparseCategoricalCrossentropy(name="cross_entropy"),
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="ce")],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    x = np.asarray(x, dtype="float32")
    y = np.asarray(y, dtype="int32")
    return model.fit(x, y, epochs=epochs, batch_size=min(16, len(x)), verbose=0)


# %% first_layer_weights
def first_layer_weights(model):
    # np.array copies; np.asarray would perhaps not
    return np.array([w for w in model.layers if w.get_weights()][0].get_weights()[0], copy=True)


# %% weight_change
def weight_change(before, after):
    def changes():
        for old, new in zip(before, after):
            yield float(np.abs(np.asarray(new, "float64") - np.asarray(old, "float64")).max())

    return list(changes())
