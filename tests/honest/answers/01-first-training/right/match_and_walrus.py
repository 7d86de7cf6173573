# case: match_and_walrus
# style: structural pattern matching for the weights, match for the optimizer, walrus

# %% compile_model
def compile_model(model):
    match (name := "rmsprop"):
        case "adam":
            optimizer = keras.optimizers.Adam()
        case "rmsprop":
            optimizer = keras.optimizers.RMSprop(learning_rate=2e-3, rho=0.95)
        case _:
            raise ValueError(name)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, epochs=5):
    if (samples := len(x)) != len(y):
        raise ValueError(f"{samples} samples, but {len(y)} labels")
    return (history := model.fit(x, y, epochs=epochs, verbose=0))

# %% first_layer_weights
def first_layer_weights(model):
    for layer in model.layers:
        match layer.get_weights():
            case [kernel, *_]:
                return kernel.copy()
            case []:
                continue
    raise ValueError("the model has no weights")

# %% weight_change
def weight_change(before, after):
    result = []
    for b, a in zip(before, after):
        if (largest := float(np.max(np.abs(a - b)))) > 0:
            result.append(largest)
        else:
            result.append(0.0)
    return result
