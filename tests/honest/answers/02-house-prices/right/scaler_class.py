# case: scaler_class
# style: own StandardScaler class with fit and transform, like scikit-learn's

# %% normalize
class StandardScaler:
    def __init__(self):
        self.mean_ = None
        self.scale_ = None

    def fit(self, X):
        self.mean_ = np.mean(X, axis=0)
        self.scale_ = np.std(X, axis=0)
        self.scale_ = np.where(self.scale_ == 0, 1.0, self.scale_)
        return self

    def transform(self, X):
        return (X - self.mean_) / self.scale_

    def fit_transform(self, X):
        return self.fit(X).transform(X)


def normalize(x_train, x_other):
    scaler = StandardScaler()
    x_train_scaled = scaler.fit_transform(x_train)
    x_other_scaled = scaler.transform(x_other)
    return x_train_scaled, x_other_scaled


# %% build_model
def build_model(n_features):
    model = keras.models.Sequential()
    model.add(keras.Input(shape=(n_features,)))
    model.add(keras.layers.Dense(units=20, activation="relu"))
    model.add(keras.layers.Dense(units=1, activation="linear"))
    model.summary()
    return model


# %% compile_model
def compile_model(model):
    optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=0.0)
    model.compile(loss="mean_squared_error", optimizer=optimizer)
    return model


# %% train_model
def train_model(model, x, y, epochs=10):
    history = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    return history


# %% predict_prices
def predict_prices(model, x):
    y_pred = model.predict(x)
    y_pred = y_pred.ravel()
    prices = UNIT * y_pred
    return prices
