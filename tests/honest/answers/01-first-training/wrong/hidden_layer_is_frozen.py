# case: hidden_layer_is_frozen
# style: compile "must not change any weights", so the student sets trainable=False for the first layer
# fails: every_weight_changes
# may: accuracy_passes, loss_goes_down
# says: the hidden layer is frozen (trainable=False), so training cannot change its weights

# %% compile_model
def compile_model(model):
    # compile does not change weights
    model.layers[0].trainable = False
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        if layer.weights:
            return layer.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
