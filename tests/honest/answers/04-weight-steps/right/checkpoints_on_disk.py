# case: checkpoints_on_disk
# style: ModelCheckpoint writes a file for each epoch, read again afterward; gradient by a dictionary

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    weights = dict(enumerate(model.trainable_weights))
    tape = tf.GradientTape()
    with tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, weights)
    for key in weights:
        weights[key].assign_sub(tf.multiply(learning_rate, gradients[key]))
    return float(loss)


# %% weight_trajectory
import tempfile
from pathlib import Path


def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    with tempfile.TemporaryDirectory() as folder:
        saver = keras.callbacks.ModelCheckpoint(
            str(Path(folder) / "{epoch:04d}.weights.h5"), save_weights_only=True
        )
        model.fit(x, y, epochs=epochs, callbacks=[saver], verbose=0)
        for path in sorted(Path(folder).glob("*.weights.h5")):
            model.load_weights(str(path))
            trajectory.append(model.get_weights())
    return trajectory


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    rates = dict(sgd=0.1, momentum=0.03, adam=0.02)
    rate = rates[optimizer_name]
    optimizer = (
        keras.optimizers.Adam(rate)
        if optimizer_name == "adam"
        else keras.optimizers.SGD(rate, momentum=0.9 if optimizer_name == "momentum" else 0.0)
    )
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    names = [layer.name for layer in model.layers]
    model.get_layer(names[0]).trainable = False
    return model
