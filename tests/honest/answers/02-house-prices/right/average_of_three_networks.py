# case: average_of_three_networks
# style: an ensemble inside one model: three small networks, the layer Average joins them; batches predicted by hand

# %% normalize
def normalize(x_train, x_other):
    mean = np.nanmean(x_train, axis=0)
    std = np.nanstd(x_train, axis=0)
    z_train = x_train.copy()
    z_other = x_other.copy()
    z_train = (z_train - mean) / std
    z_other = (z_other - mean) / std
    return z_train, z_other

# %% build_model
def small_network(inputs, activation):
    hidden = keras.layers.Dense(16, activation=activation)(inputs)
    return keras.layers.Dense(1)(hidden)


def build_model(n_features):
    inputs = keras.Input((n_features,))
    opinions = [small_network(inputs, activation) for activation in ("relu", "relu", "tanh")]
    return keras.Model(inputs, keras.layers.Average()(opinions))

# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.03), loss="mse")
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(x, y, sample_weight=np.ones(len(y)), epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    parts = [model.predict_on_batch(x[i : i + 64])[:, 0] for i in range(0, len(x), 64)]
    return np.concatenate(parts) * UNIT
