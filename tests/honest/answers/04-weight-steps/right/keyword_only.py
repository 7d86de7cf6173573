# case: keyword_only
# style: calls with keywords wherever that is possible, also the loss; an enum of optimizers

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y_true=y, y_pred=model(x, training=False))
    gradients = tape.gradient(target=loss, sources=model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients, strict=True):
        weight.assign_sub(value=tf.math.scalar_mul(scalar=learning_rate, x=gradient))
    return float(loss)

# %% weight_trajectory
class _Tracker(keras.callbacks.Callback):
    def __init__(self, *, into):
        super().__init__()
        self.into = into

    def on_epoch_end(self, epoch, logs=None):
        self.into.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    trajectory = list()
    trajectory.append(model.get_weights())
    model.fit(x=x, y=y, epochs=epochs, callbacks=[_Tracker(into=trajectory)], verbose=0)
    return trajectory

# %% train_with
import enum


class Kind(enum.Enum):
    SGD = "sgd"
    MOMENTUM = "momentum"
    ADAM = "adam"

    def make(self):
        if self is Kind.ADAM:
            return keras.optimizers.Adam(learning_rate=0.01)
        if self is Kind.MOMENTUM:
            return keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
        return keras.optimizers.SGD(learning_rate=0.1)


def train_with(optimizer_name, model, x, y, epochs):
    model.compile(optimizer=Kind(optimizer_name).make(), loss="mean_squared_error")
    return model.fit(x=x, y=y, epochs=epochs, batch_size=16, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    model.get_layer(name=model.layers[0].name).trainable = False
    return model
