# case: config_driven
# style: settings in dictionaries, match statement, optimizer from its configuration, model.compile(**settings)

# %% normalize
def normalize(x_train, x_other):
    rule = {"shift": -x_train.mean(axis=0), "scale": 1 / x_train.std(axis=0)}
    apply = lambda array, *, shift, scale: (array + shift) * scale
    return apply(x_train, **rule), apply(x_other, **rule)

# %% build_model
LAYERS = [
    {"kind": "dense", "units": 32},
    {"kind": "relu"},
    {"kind": "dense", "units": 1},
]


def make_layer(spec):
    match spec:
        case {"kind": "dense", "units": units}:
            return keras.layers.Dense(units)
        case {"kind": "relu"}:
            return keras.layers.ReLU()
        case _:
            raise ValueError(f"unknown layer {spec}")


def build_model(n_features):
    return keras.Sequential([keras.Input((n_features,)), *(make_layer(spec) for spec in LAYERS)])

# %% compile_model
def compile_model(model):
    settings = {
        "optimizer": keras.optimizers.get({"class_name": "SGD", "config": {"learning_rate": 0.01}}),
        "loss": keras.losses.get("mse"),
    }
    model.compile(**settings)
    return model

# %% train_model
def train_model(model, x, y, epochs=10, **options):
    options = {"batch_size": 32, "verbose": 0} | options
    return model.fit(x, y, epochs=epochs, **options)

# %% predict_prices
def predict_prices(model, x):
    return np.fromiter((row.item() for row in model.predict(x, verbose=0)), dtype=float, count=len(x)) * UNIT
