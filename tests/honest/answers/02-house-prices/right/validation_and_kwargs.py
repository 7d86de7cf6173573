# case: validation_and_kwargs
# style: settings in dictionaries, validation_split in fit, small batches with a small learning rate
# borderline: a tenth of the training houses is only watched

# %% normalize
def normalize(x_train, x_other, eps=1e-7):
    stats = {"mean": x_train.mean(axis=0), "std": x_train.std(axis=0)}
    return tuple((x - stats["mean"]) / (stats["std"] + eps) for x in (x_train, x_other))


# %% build_model
def build_model(n_features, **options):
    config = {"units": 32, "activation": "relu"}
    config.update(options)
    return keras.Sequential(
        [keras.Input((n_features,)), keras.layers.Dense(**config), keras.layers.Dense(1)]
    )


# %% compile_model
def compile_model(model, **options):
    config = {"optimizer": keras.optimizers.SGD(learning_rate=0.005), "loss": "mse"}
    model.compile(**{**config, **options})
    return model


# %% train_model
def train_model(model, x, y, epochs=10, **options):
    config = {"batch_size": 8, "validation_split": 0.1, "verbose": 0}
    return model.fit(x, y, epochs=epochs, **(config | options))


# %% predict_prices
def predict_prices(model, x, unit=None):
    unit = UNIT if unit is None else unit
    return unit * model.predict(x, verbose=0)[:, -1]
