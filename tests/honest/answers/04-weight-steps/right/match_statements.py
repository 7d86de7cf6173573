# case: match_statements
# style: match and case for the optimizer and for the list of layers

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x))
    pairs = zip(tape.gradient(loss, model.trainable_weights), model.trainable_weights)
    for pair in pairs:
        match pair:
            case (None, _):
                pass
            case (gradient, weight):
                weight.assign_sub(learning_rate * gradient)
    return float(loss)

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    class Watch(keras.callbacks.Callback):
        path = None

        def on_epoch_begin(self, epoch, logs=None):
            match epoch:
                case 0:
                    self.path = [self.model.get_weights()]

        def on_epoch_end(self, epoch, logs=None):
            self.path += [self.model.get_weights()]

    match epochs:
        case 0:
            return [model.get_weights()]
        case _:
            watch = Watch()
            model.fit(x, y, epochs=epochs, callbacks=[watch], verbose=0)
            return watch.path

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    match optimizer_name:
        case "sgd":
            optimizer = keras.optimizers.SGD(0.1)
        case "momentum":
            optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
        case "adam":
            optimizer = keras.optimizers.Adam(0.01)
        case _:
            raise ValueError(optimizer_name)
    model.compile(loss="mean_squared_error", optimizer=optimizer)
    return model.fit(x=x, y=y, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    match model.layers:
        case [first, *_]:
            first.trainable = False
    return model
