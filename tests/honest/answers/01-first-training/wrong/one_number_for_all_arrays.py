# case: one_number_for_all_arrays
# style: returns the single largest change of all arrays
# fails: weight_change_is_measured
# says: return a list with one number for each array, not one number for all of them

# %% compile_model
def compile_model(model):
    opt = keras.optimizers.Adam(0.01)
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), optimizer=opt, metrics=["accuracy"])
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
    biggest = 0.0
    for b, a in zip(before, after):
        biggest = max(biggest, float(np.abs(a - b).max()))
    return biggest
