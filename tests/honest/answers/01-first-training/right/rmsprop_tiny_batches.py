# case: rmsprop_tiny_batches
# style: optimizer as the string "rmsprop" with batches of 4; index loops over flat arrays, like C

# %% compile_model
def compile_model(model):
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    return model.fit(x, y, 4, epochs, verbose=0)


# %% first_layer_weights
def first_layer_weights(model):
    i = 0
    while i < len(model.layers):
        if len(model.layers[i].get_weights()) != 0:
            break
        i = i + 1
    return model.layers[i].get_weights()[0]


# %% weight_change
def weight_change(before, after):
    result = []
    for i in range(len(before)):
        b = before[i].flatten()
        a = after[i].flatten()
        biggest = 0.0
        for j in range(len(b)):
            d = float(a[j]) - float(b[j])
            if d < 0:
                d = -d
            if d > biggest:
                biggest = d
        result.append(biggest)
    return result
