# case: kaggle_validation_split
# style: Kaggle habit: validation_split=0.1, ReduceLROnPlateau on the loss, optimizer by keras.optimizers.get

# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.get("adam")
    optimizer.learning_rate = 0.005
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    reduce_lr = keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=5, min_lr=1e-3)
    hist = model.fit(
        x, y,
        epochs=epochs,
        batch_size=32,
        validation_split=0.1,
        callbacks=[reduce_lr],
        verbose=0,
    )
    return hist

# %% first_layer_weights
def first_layer_weights(model):
    w = [layer.get_weights() for layer in model.layers]
    w = [arrays for arrays in w if len(arrays) > 0]
    return w[0][0].copy()

# %% weight_change
def weight_change(before, after):
    deltas = {}
    for i, (b, a) in enumerate(zip(before, after)):
        deltas[i] = float(np.abs(a - b).max())
    return list(deltas.values())
