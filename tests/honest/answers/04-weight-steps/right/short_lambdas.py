# case: short_lambdas
# style: as few lines as possible; comprehensions for side effects, or-chains, star arguments

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as t: loss = loss_fn(y, model(x))
    grads = t.gradient(loss, ws := model.trainable_weights)
    [w.assign_sub(learning_rate * g) for w, g in zip(ws, grads)]
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    return [model.get_weights()] + [
        model.fit(x, y, verbose=0) and model.get_weights() for _ in range(epochs)
    ]

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    model.compile({"sgd": lambda: "sgd", "momentum": lambda: keras.optimizers.SGD(.01, .9), "adam": lambda: "adam"}[optimizer_name](), "mse")
    return model.fit(x, y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    return setattr(model.layers[0], "trainable", False) or model
