# case: name_handed_to_compile
# style: compile(optimizer=optimizer_name): works for sgd and adam only
# fails: momentum_remembers
# may: loss_goes_down, history_is_honest
# says: Keras knows no optimizer "momentum": it is keras.optimizers.SGD(learning_rate, momentum=0.9).

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    gradients = tape.gradient(loss, model.trainable_weights)
    for weight, gradient in zip(model.trainable_weights, gradients):
        weight.assign_sub(learning_rate * gradient)
    return float(loss)


# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    trajectory = [model.get_weights()]
    callback = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: trajectory.append(model.get_weights())
    )
    model.fit(x, y, epochs=epochs, callbacks=[callback], verbose=0)
    return trajectory


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    model.compile(optimizer=optimizer_name, loss="mean_squared_error")
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% freeze_first_layer
def freeze_first_layer(model):
    model.layers[0].trainable = False
    return model
