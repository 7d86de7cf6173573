# case: indexes_like_matlab
# style: loops over indexes, every intermediate result has a name; tf.keras names

# %% gradient_step
def gradient_step(model, loss_fn, x, y, learning_rate):
    theta = model.trainable_variables
    number_of_arrays = len(theta)
    with tf.GradientTape() as g:
        y_hat = model(x, training=True)
        J = loss_fn(y, y_hat)
    J_value = float(J)
    grad = g.gradient(J, theta)
    for i in range(0, number_of_arrays, 1):
        delta = grad[i] * learning_rate
        theta_new = theta[i] - delta
        theta[i].assign(theta_new)
    return J_value


# %% weight_trajectory
class SaveWeights(tf.keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.all = {}
        self.all[0] = self.model.get_weights()

    def on_epoch_end(self, epoch, logs=None):
        self.all[epoch + 1] = self.model.get_weights()


def weight_trajectory(model, x, y, epochs):
    save = SaveWeights()
    model.fit(x, y, epochs=epochs, callbacks=[save], verbose=0)
    W = []
    for k in range(0, epochs + 1):
        W.append(save.all[k])
    return W


# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    opt = None
    if optimizer_name == "sgd":
        opt = tf.keras.optimizers.SGD(learning_rate=0.2)
    if optimizer_name == "momentum":
        opt = tf.keras.optimizers.SGD(learning_rate=0.05, momentum=0.9)
    if optimizer_name == "adam":
        opt = tf.keras.optimizers.Adam(learning_rate=0.03)
    model.compile(loss="mean_squared_error", optimizer=opt)
    hist = model.fit(x, y, epochs=epochs, verbose=0)
    return hist


# %% freeze_first_layer
def freeze_first_layer(model):
    for i in range(len(model.layers)):
        if i == 0:
            model.layers[i].trainable = False
        else:
            model.layers[i].trainable = True
    return model
