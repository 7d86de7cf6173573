# case: keras_optimizer_step
# style: a fresh keras SGD object takes the step; optimizers come from config dictionaries

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    optimizer = keras.optimizers.SGD(learning_rate=float(learning_rate))
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    grads = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    snapshots = [model.get_weights()]
    keep = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: snapshots.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[keep], verbose=0)
    return snapshots

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    configs = {
        "sgd": {"class_name": "SGD", "config": {"learning_rate": 0.1}},
        "momentum": {"class_name": "SGD", "config": {"learning_rate": 0.05, "momentum": 0.9}},
        "adam": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
    }
    model.compile(
        optimizer=keras.optimizers.get(configs[optimizer_name]),
        loss=keras.losses.get("mean_squared_error"),
    )
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    layer = model.get_layer(index=0)
    layer.trainable = False
    return model
