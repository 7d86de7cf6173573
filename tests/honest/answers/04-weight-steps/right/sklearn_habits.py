# case: sklearn_habits
# style: comes from scikit-learn: small estimators with fit, trailing underscores, capital X

# %% gradient_step
class GradientDescent:
    def __init__(self, estimator, loss, learning_rate=0.1):
        self.estimator = estimator
        self.loss = loss
        self.learning_rate = learning_rate

    def partial_fit(self, X, y):
        weights = self.estimator.trainable_weights
        with tf.GradientTape() as tape:
            value = self.loss(y, self.estimator(X))
        self.coef_grad_ = tape.gradient(value, weights)
        for weight, grad in zip(weights, self.coef_grad_):
            weight.assign_sub(self.learning_rate * grad)
        self.loss_ = float(value)
        return self


def gradient_step(model, loss_fn, x, y, learning_rate):
    return GradientDescent(model, loss_fn, learning_rate).partial_fit(x, y).loss_

# %% weight_trajectory
class TrajectoryRecorder(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.coefs_path_ = []

    def _record(self):
        self.coefs_path_.append(self.model.get_weights())

    def on_train_begin(self, logs=None):
        self._record()

    def on_epoch_end(self, epoch, logs=None):
        self._record()


def weight_trajectory(model, x, y, epochs):
    recorder = TrajectoryRecorder()
    model.fit(x, y, epochs=epochs, callbacks=[recorder], verbose=0)
    return recorder.coefs_path_

# %% train_with
class KerasMLP:
    """Has a solver, like sklearn.neural_network.MLPRegressor."""

    def __init__(self, model, solver="adam", max_iter=10):
        self.model, self.solver, self.max_iter = model, solver, max_iter

    def _solver(self):
        params = {
            "sgd": {"learning_rate": 0.05},
            "momentum": {"learning_rate": 0.03, "momentum": 0.9},
            "adam": {"learning_rate": 0.005},
        }[self.solver]
        cls = keras.optimizers.Adam if self.solver == "adam" else keras.optimizers.SGD
        return cls(**params)

    def fit(self, X, y):
        self.model.compile(optimizer=self._solver(), loss="mean_squared_error")
        self.history_ = self.model.fit(X, y, epochs=self.max_iter, batch_size=16, verbose=0)
        return self


def train_with(optimizer_name, model, x, y, epochs):
    return KerasMLP(model, solver=optimizer_name, max_iter=epochs).fit(x, y).history_

# %% freeze_first_layer
def freeze_first_layer(model):
    for layer in model.layers[:1]:
        layer.trainable = False
    return model
