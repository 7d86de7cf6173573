# case: linear_regression
# style: no hidden layer at all: linear regression, the smallest network of the notebook

# %% normalize
def normalize(x_train, x_other):
    both = np.concatenate([x_train, x_other], axis=0)
    n = len(x_train)
    scaled = (both - both[:n].mean(axis=0)) / both[:n].std(axis=0)  # only the first n rows count
    scaled_train, scaled_other = np.split(scaled, [n])
    return scaled_train, scaled_other

# %% build_model
def build_model(n_features):
    return keras.Sequential([keras.Input((n_features,)), keras.layers.Dense(1)])

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(0.02), loss="mean_squared_error")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    return UNIT * model.predict(x, verbose=0).sum(axis=1)
