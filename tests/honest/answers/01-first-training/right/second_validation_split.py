# case: validation_split
# style: fit holds back a tenth for validation and follows val_loss, without stopping
# borderline: a tenth of the samples is only watched, so the model trains on 90% of what it was given

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    history = model.fit(
        x,
        y,
        epochs=epochs,
        batch_size=16,
        validation_split=0.1,
        verbose=0,
    )
    return history


# %% first_layer_weights
def first_layer_weights(model):
    layers = [l for l in model.layers if len(l.get_weights()) >= 1]
    return layers[0].get_weights()[0].copy()


# %% weight_change
def weight_change(before, after):
    return [np.abs(a - b).max().astype(float).item() for a, b in zip(after, before)]
