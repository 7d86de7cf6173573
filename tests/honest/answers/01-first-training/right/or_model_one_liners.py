# case: or_model_one_liners
# style: everything in one line; compile returns None, so "or model"; filter(None, ...)

# %% compile_model
def compile_model(model): return model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"]) or model

# %% train_model
def train_model(model, x, y, epochs=5): return model.fit(x, y, epochs=epochs, verbose=0)

# %% first_layer_weights
def first_layer_weights(model): return next(filter(None, (l.get_weights() for l in model.layers)))[0].copy()

# %% weight_change
def weight_change(before, after): return [*map(lambda b, a: float(np.abs(a - b).max()), before, after)]
