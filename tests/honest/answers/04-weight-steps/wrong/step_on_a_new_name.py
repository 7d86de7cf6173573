# case: step_on_a_new_name
# style: weight = weight - learning_rate * gradient in a loop over zip
# fails: step_follows_the_gradient
# may: step_uses_the_given_loss
# says: The weights of the model did not move: weight = weight - ... only makes a new name; use assign_sub.

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        y_pred = model(x)
        loss = loss_fn(y, y_pred)
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight = weight - learning_rate * gradient
    return float(loss)


# %% weight_trajectory
class Recorder(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.snapshots = [self.model.get_weights()]

    def on_epoch_end(self, epoch, logs=None):
        self.snapshots.append(self.model.get_weights())


def weight_trajectory(model, x, y, epochs):
    recorder = Recorder()
    model.fit(x, y, epochs=epochs, callbacks=[recorder], verbose=0)
    return recorder.snapshots


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    if optimizer_name == "sgd":
        optimizer = keras.optimizers.SGD(learning_rate=0.1)
    elif optimizer_name == "momentum":
        optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    else:
        optimizer = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    history = model.fit(x, y, epochs=epochs, verbose=0)
    return history


# %% freeze_first_layer
def freeze_first_layer(model):
    first = model.layers[0]
    first.trainable = False
    return model
