# case: checkpoint_files
# style: ModelCheckpoint writes the weights of each epoch into files, which are read back afterwards

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    weights = model.trainable_weights
    new_values = [w - learning_rate * g for w, g in zip(weights, tape.gradient(loss, weights))]
    for weight, new_value in zip(weights, new_values):
        weight.assign(new_value)
    return float(loss)

# %% weight_trajectory
import pathlib
import tempfile


def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        saver = keras.callbacks.ModelCheckpoint(
            filepath=str(folder / "epoch-{epoch:05d}.weights.h5"),
            save_weights_only=True,
            save_freq="epoch",
        )
        model.fit(x, y, epochs=epochs, callbacks=[saver], verbose=0)
        for file in sorted(folder.glob("*.weights.h5")):
            model.load_weights(str(file))
            trajectory.append(model.get_weights())
    return trajectory

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    is_adam, has_momentum = optimizer_name == "adam", optimizer_name == "momentum"
    optimizer = (
        keras.optimizers.Adam(0.01)
        if is_adam
        else keras.optimizers.SGD(0.05, momentum=0.9 * has_momentum)
    )
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, batch_size=len(x) // 8 or 1, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    (model.layers[0]).trainable = 0 == 1
    return model
