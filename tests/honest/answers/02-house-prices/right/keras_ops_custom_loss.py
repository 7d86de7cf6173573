# case: keras_ops_custom_loss
# style: keras.ops instead of NumPy, and the mean squared error as a function of its own

# %% normalize
from keras import ops


def normalize(x_train, x_other):
    mean = ops.mean(x_train, axis=0)
    std = ops.std(x_train, axis=0)
    scaled_train = ops.divide(ops.subtract(x_train, mean), std)
    scaled_other = ops.divide(ops.subtract(x_other, mean), std)
    return ops.convert_to_numpy(scaled_train), ops.convert_to_numpy(scaled_other)

# %% build_model
def build_model(n_features):
    model = keras.Sequential([
        keras.layers.Dense(32, activation=ops.relu),
        keras.layers.Dense(1),
    ])
    model.build((None, n_features))
    return model

# %% compile_model
def my_mean_squared_error(y_true, y_pred):
    y_true = ops.reshape(y_true, ops.shape(y_pred))
    return ops.mean(ops.square(y_pred - y_true), axis=-1)


def compile_model(model):
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss=my_mean_squared_error)
    return model

# %% train_model
def train_model(model, x, y, epochs=10):
    return model.fit(ops.convert_to_tensor(x, "float32"), ops.convert_to_tensor(y, "float32"), epochs=epochs, verbose=0)

# %% predict_prices
def predict_prices(model, x):
    units = ops.reshape(model.predict(x, verbose=0), (-1,))
    return ops.convert_to_numpy(units) * UNIT
