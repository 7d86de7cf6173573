# case: freeze_each_weight
# style: a bare Callback gets its method as an attribute; switches off the variables of the layer one by one as well as the layer itself
# borderline: setting trainable on the variables is not needed

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=False))
    for w, g in reversed(
        list(zip(model.trainable_weights, tape.gradient(loss, model.trainable_weights)))
    ):
        w.assign_sub(g * learning_rate)
    return float(loss)


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    before = model.get_weights()
    after = []
    recorder = keras.callbacks.Callback()
    recorder.on_epoch_end = lambda epoch, logs=None: after.append(model.get_weights())
    model.fit(x, y, epochs=epochs, callbacks=[recorder], verbose=0)
    return [before, *after]


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optimizer = keras.optimizers.Adam()
    if optimizer_name != "adam":
        optimizer = keras.optimizers.SGD(momentum={"sgd": 0.0, "momentum": 0.9}[optimizer_name])
    optimizer.learning_rate = {"sgd": 0.1, "momentum": 0.02, "adam": 0.01}[optimizer_name]
    model.compile(optimizer=optimizer, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    layer = model.layers[0]
    for variable in layer.weights:
        variable.trainable = False
    layer.trainable = False
    return model
