# case: scales_in_place
# style: x_train -= mean as in a well-known book: right values, but the caller's arrays are overwritten
# fails: normalize_scales_training
# may: normalize_does_not_leak, error_beats_average, loss_goes_down, weights_stay_numbers, every_weight_changes, prices_are_in_currency
# borderline: the values returned are right; wrong is only that the two arrays are not new ones, which the docstring asks for
# says: the function changes the arrays that it was given; return new arrays

# %% normalize
def normalize(x_train, x_other):
    mean = x_train.mean(axis=0)
    std = x_train.std(axis=0)
    x_train -= mean
    x_train /= std
    x_other -= mean
    x_other /= std
    return x_train, x_other

# %% build_model
def build_model(n_features):
    return keras.Sequential(
        [
            keras.Input((n_features,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(1),
        ]
    )

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01),
        loss=keras.losses.MeanSquaredError(),
    )
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    predictions = model.predict(x, verbose=0)
    return predictions[:, 0] * UNIT
