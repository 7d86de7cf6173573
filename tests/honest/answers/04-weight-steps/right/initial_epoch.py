# case: initial_epoch
# style: continues the same training with initial_epoch; the History is taken from model.history

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    tape = tf.GradientTape()
    with tape:
        loss = loss_fn(y, model(x))
    gradients = iter(tape.gradient(loss, model.trainable_weights))
    for weight in model.trainable_weights:
        weight.assign_sub(next(gradients) * learning_rate)
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    result = [model.get_weights()]
    done = 0
    while done < epochs:
        model.fit(x, y, initial_epoch=done, epochs=done + 1, verbose=0)
        done += 1
        result.append(model.get_weights())
    return result

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    kwargs = {"learning_rate": 0.05}
    if optimizer_name == "momentum":
        kwargs["momentum"] = 0.9
    name = "Adam" if optimizer_name == "adam" else "SGD"
    model.compile(optimizer=getattr(keras.optimizers, name)(**kwargs), loss="mean_squared_error")
    model.fit(x, y, epochs=epochs, shuffle=False, verbose=0)
    return model.history

# %% freeze_first_layer
def freeze_first_layer(model):
    model.trainable = True
    model.layers[0].trainable = False
    return model
