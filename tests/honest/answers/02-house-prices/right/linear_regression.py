"""Style: no hidden layer at all; a single Dense(1) does linear regression."""
# borderline: the text suggests a hidden layer, but accepts any Keras model of these shapes
import keras
import numpy as np

UNIT = 10_000

normalize = lambda x_train, x_other: tuple(
    (x - x_train.mean(axis=0)) / x_train.std(axis=0) for x in (x_train, x_other)
)
build_model = lambda n_features: keras.Sequential(
    [keras.Input((n_features,)), keras.layers.Dense(1, name="price")]
)
compile_model = lambda model: model.compile(loss="mse", optimizer="sgd") or model
train_model = lambda model, x, y, epochs=10: model.fit(x, y, epochs=epochs, verbose=0)
predict_prices = lambda model, x: UNIT * model.predict(x, verbose=0).squeeze(1)
