# case: beginner_prints
# style: a beginner: long code, temporary variables, index loops, prints, the loss computed once more

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    """Move every trainable weight one step downhill."""
    # first I look at the loss before I do anything
    predictions_before = model(x)
    loss_before = loss_fn(y, predictions_before)
    loss_before = float(loss_before)
    print("loss before the step is", loss_before)

    # now again, but with the tape
    with tf.GradientTape() as tape:
        predictions = model(x)
        loss = loss_fn(y, predictions)
    weights = model.trainable_weights
    gradients = tape.gradient(loss, weights)

    # go through all the weights
    number_of_weights = len(weights)
    for i in range(number_of_weights):
        weight = weights[i]
        gradient = gradients[i]
        step = learning_rate * gradient
        weight.assign_sub(step)
    return loss_before

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    """Train a compiled model and keep its weights after each epoch."""
    list_of_snapshots = []
    first_snapshot = model.get_weights()
    list_of_snapshots.append(first_snapshot)

    class MyCallback(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            new_snapshot = self.model.get_weights()
            list_of_snapshots.append(new_snapshot)

    my_callback = MyCallback()
    model.fit(x, y, epochs=epochs, callbacks=[my_callback], verbose=0)
    print("I have", len(list_of_snapshots), "snapshots")
    return list_of_snapshots

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    """Compile a model with an optimizer, and train it."""
    if optimizer_name == "sgd":
        my_optimizer = keras.optimizers.SGD(learning_rate=0.1)
    elif optimizer_name == "momentum":
        my_optimizer = keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    elif optimizer_name == "adam":
        my_optimizer = keras.optimizers.Adam(learning_rate=0.01)
    else:
        print("I do not know this optimizer:", optimizer_name)
    model.compile(optimizer=my_optimizer, loss="mean_squared_error")
    history = model.fit(x, y, epochs=epochs)
    print("the losses are", history.history["loss"])
    return history

# %% freeze_first_layer
def freeze_first_layer(model):
    """Freeze the first layer: its kernel and its bias."""
    all_layers = model.layers
    first_layer = all_layers[0]
    print("freezing", first_layer.name)
    first_layer.trainable = False
    return model
