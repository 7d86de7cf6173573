# case: one_liners
# style: everything in one expression, walrus operator, "return m.compile() or m"

# %% normalize
def normalize(x_train, x_other):
    return (x_train - (m := x_train.mean(0))) / (s := x_train.std(0)), (x_other - m) / s

# %% build_model
def build_model(n_features): return keras.Sequential([keras.Input((n_features,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)])

# %% compile_model
def compile_model(model): return model.compile("sgd", "mse") or model

# %% train_model
def train_model(model, x, y, epochs=10): return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x): return np.array([UNIT * float(unit) for [unit] in model.predict(x, verbose=0)])
