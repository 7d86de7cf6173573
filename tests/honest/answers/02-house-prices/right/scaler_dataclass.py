# case: scaler_dataclass
# style: a scikit-learn person writes a small StandardScaler as a dataclass with type hints

# %% normalize
from dataclasses import dataclass, field


@dataclass
class StandardScaler:
    mean_: np.ndarray = field(default=None)
    scale_: np.ndarray = field(default=None)

    def fit(self, x: np.ndarray) -> "StandardScaler":
        self.mean_ = x.mean(axis=0)
        self.scale_ = x.std(axis=0)
        self.scale_[self.scale_ == 0] = 1.0
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        return (x - self.mean_) / self.scale_

    def fit_transform(self, x: np.ndarray) -> np.ndarray:
        return self.fit(x).transform(x)


def normalize(x_train: np.ndarray, x_other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scaler = StandardScaler()
    x_train_scaled = scaler.fit_transform(x_train)
    x_other_scaled = scaler.transform(x_other)
    return x_train_scaled, x_other_scaled

# %% build_model
def build_model(n_features: int) -> keras.Model:
    hidden_layer_sizes = (32, 16)
    model = keras.Sequential([keras.Input((n_features,))])
    for size in hidden_layer_sizes:
        model.add(keras.layers.Dense(size, activation="relu"))
    model.add(keras.layers.Dense(1))
    return model

# %% compile_model
def compile_model(model: keras.Model) -> keras.Model:
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mse")
    return model

# %% train_model
def train_model(model: keras.Model, x: np.ndarray, y: np.ndarray, epochs: int = 10) -> keras.callbacks.History:
    history: keras.callbacks.History = model.fit(x, y, epochs=epochs, verbose=0)
    return history

# %% predict_prices
def predict_prices(model: keras.Model, x: np.ndarray) -> np.ndarray:
    return model.predict(x, verbose=0).reshape(len(x)) * UNIT
