# case: keras_ops
# style: keras.ops for all arithmetic and conversions, backend-neutral apart from the tape

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    from keras import ops

    x, y = ops.convert_to_tensor(x), ops.convert_to_tensor(y)
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    for variable, gradient in zip(model.trainable_variables, gradients):
        variable.assign(ops.subtract(variable, ops.multiply(learning_rate, gradient)))
    return ops.convert_to_numpy(loss).item()

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    from keras import ops

    def snapshot():
        return [ops.convert_to_numpy(variable) for variable in model.weights]

    snapshots = [snapshot()]
    model.fit(
        x,
        y,
        epochs=epochs,
        verbose=0,
        callbacks=[
            keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: snapshots.append(snapshot()))
        ],
    )
    return snapshots

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    from keras import losses, optimizers

    optimizer = {
        "sgd": optimizers.SGD(0.05),
        "momentum": optimizers.SGD(0.05, momentum=0.9),
        "adam": optimizers.Adam(0.005),
    }.get(optimizer_name)
    model.compile(optimizer=optimizer, loss=losses.mean_squared_error)
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    first, *_ = model.layers
    first.trainable = False
    return model
