# case: counts_input_as_a_layer
# style: layers[1], because Input is taken for layers[0]
# fails: first_layer_weights_are_read
# says: in keras.Sequential the Input is not in model.layers, so layers[1] is the output layer; the hidden layer is the first with weights

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
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% first_layer_weights
def first_layer_weights(model):
    # layers[0] is the Input, layers[1] the hidden layer
    return model.layers[1].get_weights()[0]

# %% weight_change
def weight_change(before, after):
    return [float(np.max(np.abs(a - b))) for b, a in zip(before, after)]
