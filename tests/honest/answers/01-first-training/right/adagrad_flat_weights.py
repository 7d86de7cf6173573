# case: adagrad_flat_weights
# style: Adagrad with the rate from the text; the kernel is element 0 of model.get_weights(); positional fit arguments

# %% compile_model
def compile_model(model):
    # Adagrad takes short steps, so a larger rate than usual
    model.compile(keras.optimizers.Adagrad(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, 32, epochs)

# %% first_layer_weights
def first_layer_weights(model):
    return model.get_weights()[0].copy()

# %% weight_change
def weight_change(before, after):
    changes = []
    for i, old in enumerate(before):
        changes += [float(abs(old - after[i]).max())]
    return changes
