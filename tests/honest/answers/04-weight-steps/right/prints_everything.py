# case: prints_everything
# style: prints inside all functions, progress bars on, summary at the end

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    print(f"stepping with learning rate {learning_rate}")
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = loss_fn(y, y_pred)
    grads = tape.gradient(loss, model.trainable_weights)
    for w, g in zip(model.trainable_weights, grads):
        print(f"  {w.name}: mean gradient {float(tf.reduce_mean(g)):+.5f}")
        w.assign_sub(g * learning_rate)
    loss_before = loss.numpy()
    print("loss before the step:", loss_before)
    return float(loss_before)


# %% weight_trajectory
class PrintingRecorder(keras.callbacks.Callback):
    def __init__(self, trajectory):
        super().__init__()
        self.trajectory = trajectory

    def on_epoch_end(self, epoch, logs=None):
        self.trajectory.append(self.model.get_weights())
        print(f"epoch {epoch + 1}: loss {logs['loss']:.4f}, {len(self.trajectory)} snapshots")


def weight_trajectory(model, x, y, epochs):
    trajectory = []
    trajectory.append(model.get_weights())
    print("start:", [w.shape for w in trajectory[0]])
    model.fit(x, y, epochs=epochs, callbacks=[PrintingRecorder(trajectory)], verbose=2)
    return trajectory


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    print("training with", optimizer_name)
    optimizer = {
        "sgd": keras.optimizers.SGD(learning_rate=0.1),
        "momentum": keras.optimizers.SGD(learning_rate=0.05, momentum=0.9),
        "adam": keras.optimizers.Adam(learning_rate=0.02),
    }.get(optimizer_name)
    model.compile(optimizer=optimizer, loss="mean_squared_error", metrics=["mae"])
    history = model.fit(x, y, epochs=epochs, verbose=2)
    print("loss:", history.history["loss"][0], "->", history.history["loss"][-1])
    return history


# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    for layer in model.layers:
        print(layer.name, "moves" if layer.trainable else "is frozen")
    model.summary()
    return model
